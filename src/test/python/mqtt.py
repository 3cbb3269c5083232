"""MQTT over WebSocket with paho: subscribes to a topic, publishes to it, and prints what comes."""
import sys

import paho.mqtt.client as mqtt

port, token, topic = int(sys.argv[1]), sys.argv[2], sys.argv[3]
client = mqtt.Client(transport="websockets")
client.ws_set_options(path="/mqtt?token=" + token)


def subscribed(client, data, mid, granted):
    print("granted", list(granted), flush=True)
    client.publish(topic, "from paho", qos=1)


def received(client, data, message):
    print("message", message.topic, message.payload.decode(), flush=True)
    client.disconnect()


client.on_connect = lambda client, data, flags, code: client.subscribe(topic, qos=1)
client.on_subscribe = subscribed
client.on_message = received
client.on_disconnect = lambda client, data, code: print("disconnected", code, flush=True)
client.connect("127.0.0.1", port)
client.loop_forever()
