"""Small pictures of uploaded files, for pages: made by a job, encrypted like the files themselves."""
