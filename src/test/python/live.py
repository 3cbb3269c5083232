"""Subscribes to topics of a live WebSocket with the library websockets, and prints what comes."""

import asyncio
import json
import sys

import websockets


async def main(url, since, topics):
    async with websockets.connect(url) as socket:
        subscribe = {"type": "subscribe", "topics": topics, "since": int(since)}
        await socket.send(json.dumps(subscribe))
        await socket.send('{"type":"ping"}')
        await (await socket.ping())
        print("websocket pong", flush=True)
        async for message in socket:
            print(message, flush=True)
        print("closed", socket.close_code, flush=True)


asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
