.DEFAULT_GOAL := help
.PHONY: help run run-server run-edge test prove brokers chaos check package bench backtest docs verify clean

JAR   := target/bridge-fat.jar
export MAVEN := $(if $(shell command -v mvn),mvn,./mvnw) -B -ntp
CONF  := src/main/resources/conf
SOURCES := $(shell find src/main -type f) pom.xml

help:       ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run:        $(JAR) ## the demo: broker, invented sensors, edge and server in one process
	java $$(scripts/class-archive $(JAR)) @scripts/java-flags-server -jar $(JAR)

run-server: $(JAR) ## a server on ws://127.0.0.1:3006/ws
	java $$(scripts/class-archive $(JAR)) @scripts/java-flags-server -jar $(JAR) -conf $(CONF)/server.json

run-edge:   $(JAR) ## an edge: mqtt://127.0.0.1:1883 → ws://127.0.0.1:3006/ws
	java $$(scripts/class-archive $(JAR) edge) @scripts/java-flags-edge -jar $(JAR) -conf $(CONF)/edge.json

package:    $(JAR) ## build target/bridge-fat.jar

test:       ## the tests, with real servers; installs what they need
	scripts/install-test-servers
	$(MAVEN) verify -Dspotless.check.skip -Dmdep.analyze.skip

prove:      ## every test there is, at full depth, then MINUTES (60) of chaos; writes docs/proof.md
	scripts/install-test-servers
	scripts/prove

brokers:    ## what each broker's messages become under each fault, with 50,000 in flight; prints a table
	scripts/install-test-servers
	rm -f target/broker-matrix.txt
	$(MAVEN) verify -Pproof -Dspotless.check.skip -Dmdep.analyze.skip -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false \
		-Dit.test=BrokerMatrixIT; status=$$?; cat target/broker-matrix.txt; exit $$status

chaos:      $(JAR) ## faults of every kind, then a judge: SEED= MINUTES= EDGES= BROKER= BROKER_ENDS= JAR=
	scripts/install-test-servers
	scripts/chaos

check:      ## what CI runs: the tests and all gates, from clean
	scripts/install-test-servers
	scripts/lint-pages
	$(MAVEN) clean verify

bench:      $(JAR) ## measure, beside the Node scripts and mosquitto_sub; prints a table
	scripts/install-test-servers
	scripts/bench

backtest:   ## how good the predictions of indoor air are, on generated rooms; prints a table
	$(MAVEN) -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
	java -cp target/classes:target/test-classes:$$(cat target/classpath) io.spillway.iaq.Backtest

verify:     $(JAR) ## look for gaps, duplicates and torn lines in data/
	java -jar $(JAR) verify data

docs:       ## write the keys' table and schema anew, from the annotations of the config records
	$(MAVEN) -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
	java -cp target/classes:target/test-classes:$$(cat target/classpath) io.spillway.config.ConfigDocs

clean:      ## delete what was built
	$(MAVEN) -q clean

$(JAR): $(SOURCES)
	$(MAVEN) -q package -DskipTests
	@touch $(JAR)
