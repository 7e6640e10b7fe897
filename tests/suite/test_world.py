def test_stands(world):
    c = world.client("grace.mensah")
    r = c.post("/records/api/search", json={"surname": "Nobody"})
    print(r.status_code, r.text)
    assert r.status_code == 200
