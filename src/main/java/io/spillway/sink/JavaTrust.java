package io.spillway.sink;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The authorities of the Java platform, for a client that will not take them unasked. */
record JavaTrust() implements TrustOptions {
  @Override
  public TrustOptions copy() {
    return this;
  }

  /** Reads them from their file; Vert.x calls it on a worker. */
  @Override
  public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return factory;
  }

  /** The same for every name. */
  @Override
  public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
    return name -> null;
  }
}
