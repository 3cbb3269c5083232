package io.spillway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A setting that cannot be used")
class CrossChecksTest {
  @TempDir Path dir;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      textBlock =
          """
          {'edge':{'spool':{'maxBytes':9000,'segmentBytes':5000}}} ~ edge.spool.maxBytes (conf.json): is 9000; allowed: at least twice segmentBytes, 10000
          {'edge':{'uplink':{'pingMs':10000}}} ~ edge.uplink.pongTimeoutMs: is 10000; allowed: more than pingMs, 10000
          {'edge':{'uplink':{'reconnectMs':50000}}} ~ edge.uplink.reconnectMaxMs: is 30000; allowed: at least reconnectMs, 50000
          {'edge':{'spool':null}} ~ edge.batch: is on while edge.spool is null; allowed: both null or neither
          {'edge':{'batch':null}} ~ edge.spool: is on while edge.batch is null; allowed: both null or neither
          {'edge':{'mqtt':null,'spool':null,'batch':null,'uplink':null}} ~ edge: every part is null; allowed: "edge": null
          {'edge':{'name':'a.b'}} ~ edge.name (conf.json): is "a.b"; allowed: 1..64 of A-Z a-z 0-9 _ -
          {'edge':{'name':''}} ~ edge.name (conf.json): is empty
          {'edge':{'mqtt':{'qos':3}}} ~ edge.mqtt.qos (conf.json): is 3; allowed: a whole number 0..2
          {'edge':{'mqtt':{'password':'hidden-pw'}}} ~ edge.mqtt.password (conf.json): is given without a username
          {'edge':{'mqtt':{'topics':[]}}} ~ edge.mqtt.topics (conf.json): is 0 entries; allowed: a list of 1..100 texts
          {'edge':{'mqtt':{'topics':'a'}}} ~ edge.mqtt.topics (conf.json): is "a"; allowed: a list
          {'edge':{'mqtt':{'topics':['a',7]}}} ~ edge.mqtt.topics (conf.json): is 7
          {'edge':{'mqtt':{'topics':['a','a']}}} ~ edge.mqtt.topics (conf.json): is "a" twice
          {'edge':{'mqtt':{'scalars':'yes'}}} ~ edge.mqtt.scalars (conf.json): is "yes"; allowed: one of reject, wrap
          {'edge':{'mqtt':{'topics':['a/#/b']}}} ~ edge.mqtt.topics (conf.json): is "a/#/b": # is not alone in the last level
          {'edge':{'mqtt':{'caFile':'none.pem'}}} ~ edge.mqtt.caFile (conf.json): is
          {'edge':{'spool':{'whenFull':'drop'}}} ~ edge.spool.whenFull (conf.json): is "drop"; allowed: one of block, dropOldest, dropNewest
          {'edge':{'spool':{'dir':'conf.json'}}} ~ edge.spool.dir (conf.json): is
          {'edge':{'uplink':{'compress':'yes'}}} ~ edge.uplink.compress (conf.json): is "yes"; allowed: true or false
          {'edge':[]} ~ edge (conf.json): is a list; allowed: an object or null
          {'server':{'host':'a b'}} ~ server.host (conf.json): is "a b"; allowed: a host name or an IP address
          {'server':{'host':'127.0.0.1','journal':null}} ~ server.journal (conf.json): is null; allowed: an object
          {'server':{'host':'127.0.0.1','journal':{'file':'../x.ndjson'}}} ~ server.journal.file (conf.json): is "../x.ndjson"; allowed: a plain file name that ends in .ndjson
          {'server':{'host':'127.0.0.1','journal':{'file':'x.json'}}} ~ server.journal.file (conf.json): is "x.json"
          {'server':{'host':'127.0.0.1','journal':{'file':'rejected.ndjson'}}} ~ server.journal.file (conf.json): is "rejected.ndjson"
          {'server':{'host':'127.0.0.1','journal':{'keepBytes':70000000}}} ~ server.journal.keepBytes (conf.json): is 70000000; allowed: null, 0 or at least twice segmentBytes, 134217728
          {'server':{'host':'127.0.0.1','journal':{'keepBytes':70000000,'segmentBytes':null}}} ~ server.journal.keepBytes (conf.json): is 70000000; allowed: null where segmentBytes is null
          {'server':{'host':'127.0.0.1','journal':{'keepDays':7,'segmentBytes':null,'segmentMinutes':null}}} ~ server.journal.keepDays (conf.json): is 7; allowed: null where segmentBytes and segmentMinutes are null
          {'server':{'host':'127.0.0.1','live':{'idleMs':20000}}} ~ server.live.idleMs (conf.json): is 20000; allowed: more than pingMs, 30000
          {'server':{'host':'127.0.0.1','live':{'routes':[{'filter':'a#','topic':'alerts'}]}}} ~ server.live.routes[0].filter (conf.json): is "a#", # is not alone in the last level; allowed: an MQTT topic filter
          {'server':{'host':'127.0.0.1','live':{'routes':[{'filter':'a/#'}]}}} ~ server.live.routes[0].topic (conf.json): is missing; allowed: 1..64 of A-Z a-z 0-9 _ . -
          {'server':{'host':'127.0.0.1','live':{'allowedOrigins':['example.org']}}} ~ server.live.allowedOrigins (conf.json): is "example.org"
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'https://broker'}}} ~ server.pages.mqttUrl (conf.json): is "https://broker"; allowed: ws://host[:port][/path]
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'wss://u:hidden-pw@broker'}}} ~ server.pages.mqttUrl (conf.json): is "wss://***@broker"; allowed: ws://host[:port][/path] or wss://host[:port][/path] with a name
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'wss://broker/?a=b'}}} ~ server.pages.mqttUrl (conf.json): is
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'wss://broker/;x'}}} ~ server.pages.mqttUrl (conf.json): is
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'wss://[::1]:9001'}}} ~ server.pages.mqttUrl (conf.json): is
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'wss://broker:0'}}} ~ server.pages.mqttUrl (conf.json): is
          {'server':{'host':'127.0.0.1','pages':{'mqttUrl':'wss://b; script-src *'}}} ~ server.pages.mqttUrl (conf.json): is
          {'server':{'host':'127.0.0.1','pages':{'vote':{'topic':'vote/#'}}}} ~ server.pages.vote.topic (conf.json): is "vote/#"; allowed: an MQTT topic
          {'server':{'host':'127.0.0.1','pages':{'vote':{'candidates':[]}}}} ~ server.pages.vote.candidates (conf.json): is 0 entries; allowed: a list of 1..24 texts
          {'server':{'host':'127.0.0.1','pages':{'vote':{'candidates':['a',' a']}}}} ~ server.pages.vote.candidates (conf.json): is one name twice; allowed: 1..24 different texts
          {'server':{'host':'127.0.0.1','pages':{'vote':{'candidates':['1234567890123456789012345678901234567890123456789012345678901']}}}} ~ server.pages.vote.candidates (conf.json): is "12345
          {'server':{'host':'127.0.0.1','pages':{'vote':{'title':' '}}}} ~ server.pages.vote.title (conf.json): is empty; allowed: 1..120 characters
          {'server':{'host':'127.0.0.1','pages':{'chat':{'topic':'$chat'}}}} ~ server.pages.chat.topic (conf.json): is "$chat"; allowed: an MQTT topic
          {'server':{'host':'127.0.0.1','pages':null}} ~ server.pages (conf.json): is null; allowed: an object
          {'server':{'host':'127.0.0.1','limits':{'messagesPerSecondPerIp':5}}} ~ server.limits.messagesPerSecondPerIp (conf.json): is 5; allowed: only 0
          {'server':{'host':'127.0.0.1','mqtt':{'url':'mqtt://u:hidden-pw@h'}}} ~ server.mqtt.url (conf.json): is one with a user; allowed: mqtt[s]://host:port; who connects brings name and password
          {'server':{'host':'127.0.0.1','mqtt':{'url':'ws://h'}}} ~ server.mqtt.url (conf.json): is "ws://h"; allowed: mqtt://host:port
          {'server':{'host':'127.0.0.1','mqtt':{'publish':['a#']}}} ~ server.mqtt.publish (conf.json): is "a#": # is not alone in the last level
          {'server':{'host':'127.0.0.1','mqtt':{'subscribe':['$share/g/a']}}} ~ server.mqtt.subscribe (conf.json): is "$share/g/a": a rule names topics, not a group
          {'server':{'host':'127.0.0.1','mqtt':{'publish':'a'}}} ~ server.mqtt.publish (conf.json): is "a"; allowed: a list
          {'server':{'host':'127.0.0.1','mqtt':{'anonymous':'yes'}}} ~ server.mqtt.anonymous (conf.json): is "yes"; allowed: true or false
          {'server':{'host':'127.0.0.1','mqtt':{'idleMs':20000}}} ~ server.mqtt.idleMs (conf.json): is 20000; allowed: more than pingMs, 30000
          {'server':{'host':'127.0.0.1','mqtt':{'caFile':'none.pem'}}} ~ server.mqtt.caFile (conf.json): is
          {'server':{'host':'127.0.0.1:3006'}} ~ server.host (conf.json): is "127.0.0.1:3006"; allowed: a host alone; the port has a key of its own
          {'server':{'host':'[::1]:3006'}} ~ server.host (conf.json): is "[::1]:3006"; allowed: a host alone
          {'server':{'host':'h:3006'}} ~ server.host (conf.json): is "h:3006"; allowed: a host alone
          {'server':{'host':'1:2:3'}} ~ server.host (conf.json): is "1:2:3"; allowed: a host name or an IP address
          {'edge':{'mqtt':{'clientId':'a\\u2028b'}}} ~ edge.mqtt.clientId (conf.json): is text with control characters; allowed: 1..256 characters
          {'server':{'host':'127.0.0.1','tls':{}}} ~ server.tls (conf.json): not available in this version
          {'server':{'host':'127.0.0.1','jwt':{}}} ~ server.jwt (conf.json): not available in this version
          {'broker':{},'rabbitmq':{}} ~ rabbitmq (conf.json): is there without a section server;
          {'server':{'host':'::1'},'rabbitmq':{'heartbeatMs':1500}} ~ rabbitmq.heartbeatMs (conf.json): is 1500; allowed: whole seconds
          {'server':{'host':'::1'},'rabbitmq':{'reconnectMaxMs':500}} ~ rabbitmq.reconnectMaxMs (conf.json): is 500; allowed: at least reconnectMs, 1000
          {'broker':{},'iaq':{}} ~ iaq (conf.json): is on without server; allowed: null where no server runs
          {'server':{'host':'127.0.0.1'},'iaq':{'topics':['a#']}} ~ iaq.topics (conf.json): is "a#": # is not alone in the last level
          {'server':{'host':'127.0.0.1'},'iaq':{'topics':['a','a']}} ~ iaq.topics (conf.json): is one topic twice
          {'server':{'host':'127.0.0.1'},'iaq':{'co2':{'warning':'x'}}} ~ iaq.co2.warning (conf.json): is "x"; allowed: a number 0..20000
          {'server':{'host':'127.0.0.1'},'iaq':{'co2':{'warning':20000.5}}} ~ iaq.co2.warning (conf.json): is 20000.5; allowed: a number 0..20000
          {'server':{'host':'127.0.0.1'},'iaq':{'co2':{'critical':900}}} ~ iaq.co2.critical (conf.json): is 900.0; allowed: more than warning, 1000.0
          {'server':{'host':'127.0.0.1'},'iaq':{'co2':{'lowWarning':300}}} ~ iaq.co2.lowWarning (conf.json): unknown key
          {'server':{'host':'127.0.0.1'},'iaq':{'humidity':{'lowWarning':58}}} ~ iaq.humidity.lowWarning (conf.json): is 58.0; allowed: two margins and more below warning
          {'server':{'host':'127.0.0.1'},'iaq':{'humidity':{'lowCritical':25}}} ~ iaq.humidity.lowCritical (conf.json): is 25.0; allowed: less than lowWarning, 25.0
          {'server':{'host':'127.0.0.1'},'iaq':{'tvoc':{'score':[0,1,2,3]}}} ~ iaq.tvoc.score (conf.json): is [0,1,2,3]; allowed: 5 rising numbers 0..100
          {'server':{'host':'127.0.0.1'},'iaq':{'tvoc':{'score':[0,1,2,3,3]}}} ~ iaq.tvoc.score (conf.json): is [0,1,2,3,3]; allowed: 5 rising numbers
          {'server':{'host':'127.0.0.1'},'iaq':{'humidity':{'scoreLow':[1,2,3,4,5]}}} ~ iaq.humidity.scoreLow (conf.json): is [1,2,3,4,5]; allowed: 5 falling numbers
          {'broker':{},'sinks':{'influx':{}}} ~ sinks.influx (conf.json): is given without a server; allowed: null where no server runs
          {'server':{'host':'127.0.0.1'},'sinks':{'influx':{}}} ~ sinks.influx.bucket (conf.json): is missing; allowed: database (InfluxDB 1.x) or bucket (2.x)
          {'server':{'host':'127.0.0.1'},'sinks':{'influx':{'bucket':'b','database':'d'}}} ~ sinks.influx.bucket (conf.json): is given beside database; allowed: database (InfluxDB 1.x) or bucket (2.x)
          {'server':{'host':'127.0.0.1'},'sinks':{'influx':{'bucket':'b'}}} ~ sinks.influx.org (conf.json): is missing; allowed: the organisation of the bucket
          {'server':{'host':'127.0.0.1'},'sinks':{'influx':{'database':'d','username':'u'}}} ~ sinks.influx.password: is half of username and password; allowed: both or none
          {'server':{'host':'127.0.0.1'},'sinks':{'influx':{'database':'d','url':'http://u:hidden-pw@h'}}} ~ sinks.influx.url (conf.json): is "http://***@h"; allowed: http://host:port
          {'server':{'host':'127.0.0.1'},'sinks':{'influx':{'database':'d','tags':['a..b']}}} ~ sinks.influx.tags (conf.json): is "a..b"; allowed: 0..100 of 1..8 names
          {'broker':{},'sinks':{'postgres':{}}} ~ sinks.postgres (conf.json): is given without a server; allowed: null where no server runs
          {'server':{'host':'127.0.0.1'},'sinks':{'postgres':{'url':'postgresql://u:hidden-pw@h'}}} ~ sinks.postgres.url (conf.json): is "postgresql://***@h"; allowed: postgresql://user@host:port/database
          {'server':{'host':'127.0.0.1'},'sinks':{'postgres':{'url':'postgresql://u:hidden-pw@h/d?sslmode=require'}}} ~ sinks.postgres.url (conf.json): is "postgresql://***@h/d?sslmode=***"; allowed: postgresql://user@host:port/database (also postgres://), without parameters; see tls
          {'server':{'host':'127.0.0.1'},'sinks':{'postgres':{'url':'postgresql://u:hidden-pw@h/d','password':'other-pw'}}} ~ sinks.postgres.password (conf.json): is given here and in the url
          {'server':{'host':'127.0.0.1'},'sinks':{'postgres':{'table':'a;b'}}} ~ sinks.postgres.table (conf.json): is "a;b"; allowed: 1..40 of a-z 0-9 _
          {'server':{'host':'127.0.0.1'},'sinks':{'postgres':{'columns':[{'name':'time','path':'t'}]}}} ~ sinks.postgres.columns[0].name (conf.json): is "time", which the table has
          {'server':{'host':'127.0.0.1'},'sinks':{'postgres':{'columns':[{'name':'a','path':'t..u'}]}}} ~ sinks.postgres.columns[0].path (conf.json): is "t..u"; allowed: 1..8 names
          {'broker':{'port':9001}} ~ broker.webSocketPort: is 9001; allowed: another than port
          {'broker':{},'cluster':{'name':'a b'}} ~ cluster.name (conf.json): is "a b"
          {'broker':{},'cluster':{'members':['a b']}} ~ cluster.members (conf.json): is "a b"; allowed: 0..1000 of host or host:port
          {'cluster':{}} ~ conf.json: has nothing to run; allowed: at least one of edge, server, broker, simulator
          {} ~ conf.json: has nothing to run
          {'rabbitmq':{}} ~ rabbitmq (conf.json): is there without a section server;
          {'iaq':{}} ~ iaq (conf.json): is on without server;
          """)
  @DisplayName("is refused in one line that names key, source, finding and what is allowed")
  void refused(String json, String message) {
    assertThat(new Setup(dir).conf(json).refusal()).startsWith(message);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      textBlock =
          """
          {'edge':{'mqtt':{'topic':['a']}}} ~ edge.mqtt.topic (conf.json): unknown key; did you mean topics?
          {'Edge':{}} ~ Edge (conf.json): unknown key; did you mean edge?
          {'server':{'host':'127.0.0.1','live':{'anonymus':true}}} ~ server.live.anonymus (conf.json): unknown key; did you mean anonymous?
          {'broker':{'tlsKeyStore':1}} ~ broker.tlsKeyStore (conf.json): unknown key; known: port, webSocketPort
          {'broker':{},'sinks':{'influxdb':null}} ~ sinks.influxdb (conf.json): unknown key; did you mean influx?
          {'server':{'host':'127.0.0.1','tokens':[{'name':'a','secret':'abcdefgh','role':'live','rol':1}]}} ~ server.tokens[0].rol (conf.json): unknown key; did you mean role?
          """)
  @DisplayName("is refused when nobody knows its key, with the one probably meant")
  void unknown(String json, String message) {
    assertThat(new Setup(dir).conf(json).refusal()).isEqualTo(message);
  }

  @Test
  @DisplayName("that begins with a tilde is refused, or a directory of that name would be made")
  void tilde() {
    assertThat(new Setup(dir).conf("{'edge':{'spool':{'dir':'~/data'}}}").refusal())
        .isEqualTo(
            "edge.spool.dir (conf.json): is \"~/data\"; allowed: a path; ~ means something to a"
                + " shell only, write it out, as in /home/pi/data");
    assertThat(new Setup(dir).dotEnv("OUT_DIR=~/data").env("INGEST_TOKEN", "12345678").refusal())
        .startsWith("server.journal.dir (OUT_DIR in .env): is \"~/data\"; allowed: a path; ~");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"x", "./x/../x", "link/x", "made/up/../../x"})
  @DisplayName("is a directory for both the spool and the journal, however it is written")
  void oneDirectory(String spool) throws IOException, ConfigException {
    Files.createSymbolicLink(dir.resolve("link"), dir);
    String conf =
        "{'server':{'host':'127.0.0.1','journal':{'dir':'x'}},'edge':{'spool':{'dir':'%s'}}}";

    for (int i = 0; i < 2; i++) {
      assertThat(new Setup(dir).conf(conf.formatted(spool)).refusal())
          .startsWith("edge.spool.dir (conf.json): is " + dir.resolve(spool).normalize())
          .endsWith(", and so is server.journal.dir; allowed: a directory of its own");
      Files.createDirectories(dir.resolve("x")); // the second time it is there
    }
    assertThat(new Setup(dir).conf(conf.formatted("x/y")).config().edge()).isNotNull();
  }
}
