"""The JSON Schema of a declaration, for editors that complete and check while typing."""

import json

from generator.model.declaration import Declaration


def declaration_schema() -> str:
    """Write the schema as JSON text, the same on every machine."""
    schema = Declaration.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "财政项目支出绩效目标申报表"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
