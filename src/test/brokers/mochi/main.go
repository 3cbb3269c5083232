// Command mochi runs a mochi-mqtt broker on loopback: mochi PORT. It keeps its sessions in memory:
// after kill -9 they are gone. (Restored by the library from a file, a session with messages that
// wait does not come back: "resend inflight: protocol violation: missing packet id".)
package main

import (
	"log"
	"os"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"
)

func main() {
	server := mqtt.New(nil)
	must(server.AddHook(new(auth.AllowHook), nil))
	tcp := listeners.Config{ID: "tcp", Address: "127.0.0.1:" + os.Args[1]}
	must(server.AddListener(listeners.NewTCP(tcp)))
	must(server.Serve()) // returns when it listens
	log.Print("listening")
	select {}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
