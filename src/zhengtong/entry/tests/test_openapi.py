import json

import pytest
from django.test import Client

from zhengtong.capabilities.catalogue.tests import county

pytestmark = pytest.mark.django_db


def test_other_systems_read_items_without_asking(client: Client) -> None:
    county.found_county()
    county.import_all()

    page = client.get("/api/items?power_type=01&size=5").json()

    licences = [row for row in county.rows("service-items.csv") if row["power_type"] == "行政许可"]
    assert (page["total"], len(page["items"])) == (len(licences), 5)
    one = client.get(f"/api/items/{page['items'][0]['code']}").json()
    assert one["elements"]["task_code"] == page["items"][0]["code"]
    assert {material["task_code"] for material in one["materials"]} <= {page["items"][0]["code"]}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/items?page=0", 422),
        ("/api/items?size=100000", 422),
        ("/api/items?page=zehn", 422),
        ("/api/items?department=%00", 422),
        ("/api/items/none", 404),
        ("/api/items/%00", 404),
    ],
)
def test_every_refusal_is_a_sentence(client: Client, address: str, status: int) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert answer.json()["message"].endswith(("。", "）"))


def test_the_description_names_every_operation(client: Client) -> None:
    page = client.get("/api/").content.decode()
    schema = json.loads(client.get("/api/openapi.json").content)

    for address in schema["paths"]:
        assert address in page


def test_nothing_can_be_written(client: Client) -> None:
    assert client.post("/api/items", {}).status_code == 405
