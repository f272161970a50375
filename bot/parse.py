"""What the trained model makes of sentences, without starting a server.

Reads a JSON list of sentences from standard input and writes a JSON list of
`{"intent", "confidence", "ranking", "theme", "themes"}` to standard output:

    echo '["我想开个店"]' | bot/.venv/bin/python -m bot.parse bot/models/daoban.tar.gz
"""

import asyncio
import json
import logging
import sys
from typing import Any, Dict, List

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog


async def _parse(model: str, sentences: List[str]) -> List[Dict[str, Any]]:
    agent = Agent.load(model)
    return [_short(await agent.parse_message(sentence)) for sentence in sentences]


def _short(parsed: Dict[str, Any]) -> Dict[str, Any]:
    return {
        "intent": parsed["intent"]["name"],
        "confidence": parsed["intent"]["confidence"],
        "ranking": parsed["intent_ranking"],
        "theme": parsed.get("theme"),
        "themes": parsed["themes"],
    }


if __name__ == "__main__":
    configure_structlog(logging.ERROR)  # as it is, it writes every sentence to standard output
    results = asyncio.run(_parse(sys.argv[1], json.load(sys.stdin)))
    json.dump(results, sys.stdout, ensure_ascii=False)
