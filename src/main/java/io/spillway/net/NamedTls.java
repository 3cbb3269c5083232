package io.spillway.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * TLS of a client that connects by number to a host that has a name. Vert.x' WebSocket client takes
 * one text for both; here the name is put back where it counts: it is what the server is asked for
 * (SNI) and what its certificate has to be for.
 */
public final class NamedTls extends JdkSSLEngineOptions {
  private final String name;

  /**
   * To a host.
   *
   * @param name as its certificate has it
   */
  public NamedTls(String name) {
    this.name = name;
  }

  @Override
  public NamedTls copy() {
    return this;
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return new NamedContext(super.create(), name);
      }
    };
  }

  /** Makes every engine for the name, whatever it is asked for. */
  private static final class NamedContext extends SslContext {
    private final SslContext tls;
    private final String name;

    NamedContext(SslContext tls, String name) {
      this.tls = tls;
      this.name = name;
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
      return tls.newEngine(allocator, name, -1);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String address, int port) {
      return tls.newEngine(allocator, name, port);
    }

    @Override
    public boolean isClient() {
      return tls.isClient();
    }

    @Override
    public List<String> cipherSuites() {
      return tls.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own type for it, and abstract all the same
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
      return tls.applicationProtocolNegotiator();
    }

    @Override
    public SSLSessionContext sessionContext() {
      return tls.sessionContext();
    }
  }
}
