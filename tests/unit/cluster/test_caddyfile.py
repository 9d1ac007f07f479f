"""What can be set of the proxy has the same default in its file and in the settings, and nothing else can be set."""

import re

from wco_cluster.proxy import CADDYFILE, ProxySettings

PLACE = re.compile(r"\{\$(\w+):([^}]*)\}")


def test_the_proxy_s_file_has_every_setting_with_its_default() -> None:
    places = PLACE.findall(CADDYFILE.read_text())
    assert {name: float(value) if _is_number(value) else value for name, value in places} == {
        variable: field.default for variable, field in ProxySettings.variables().items()
    }
    assert all(len({value for other, value in places if other == name}) == 1 for name, _ in places)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[0-9.]+", text) is not None and text.count(".") <= 1
