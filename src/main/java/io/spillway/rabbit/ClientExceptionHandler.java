package io.spillway.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.spillway.bus.Fault;
import io.spillway.bus.FaultKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the client library would log as a stack trace. */
final class ClientExceptionHandler extends ForgivingExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ClientExceptionHandler.class);

  private final java.util.function.Consumer<Fault> ended;

  /**
   * @param ended told when a message did not get through to us: the link must end, or a later
   *     acknowledgement would cover it
   */
  ClientExceptionHandler(java.util.function.Consumer<Fault> ended) {
    this.ended = ended;
  }

  @Override
  public void handleConsumerException(
      Channel channel, Throwable error, Consumer consumer, String consumerTag, String method) {
    ended.accept(new Fault(FaultKind.OTHER, "a message could not be taken: " + error));
  }

  /** What ends the connection is told by its shutdown, too. */
  @Override
  protected void log(String message, Throwable error) {
    log.debug("[rabbit] {}: {}", message, error.toString());
  }
}
