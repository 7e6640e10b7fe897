"""The private, throwaway servers that tests run over: a PostgreSQL and a RabbitMQ for each worker."""
