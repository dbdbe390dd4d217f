"""The JSON Schema of a declaration, made from the model: for completion and hints in editors."""

import json
from typing import Any, Final

from jixiao.i18n import Dictionary
from jixiao.model.declaration import Declaration
from jixiao.model.declaration_schema import GUIDANCE

SCHEMAS: Final = {"zh": "declaration.schema.json", "en": "declaration.schema.en.json"}
"""Language of the explanations → name of the file below `content/schema/`; a declaration names the first."""


def declaration_schema(words: Dictionary) -> str:
    """Write the schema as JSON text, the same on every machine.

    Args:
        words: The language in which fields are explained; their titles are the words of the form.
    """
    schema = Declaration.model_json_schema(by_alias=True)
    for model, definition in (("Declaration", schema), *schema["$defs"].items()):
        _explain(model, definition, words)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "财政项目支出绩效目标申报表"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _explain(model: str, definition: dict[str, Any], words: Dictionary) -> None:
    """Put what an editor is told in the place of what programmers are told."""
    definition.pop("title", None)
    definition.pop("description", None)
    for field, of_field in definition.get("properties", {}).items():
        of_field["description"] = words.say(GUIDANCE[f"{model}.{field}"])
        # An editor would fill it in, and a normal file leaves it out.
        of_field.pop("default", None)
