package io.spillway.kit;

import static io.spillway.kit.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.util.Map;

/** What the server says of itself in {@code /openapi.json}, to hold its answers against. */
public final class Contract {
  private final OpenAPIContract contract;
  private final ResponseValidator validator;

  /**
   * @param document OpenAPI 3.1
   */
  public Contract(Vertx vertx, JsonObject document) {
    contract = await(OpenAPIContract.from(vertx, withoutNdjson(document.copy())));
    validator = ResponseValidator.create(vertx, contract);
  }

  // Vert.x does not know the type of this request body; only answers are checked here.
  private static JsonObject withoutNdjson(JsonObject document) {
    document
        .getJsonObject("paths")
        .getJsonObject("/api/ingest")
        .getJsonObject("post")
        .getJsonObject("requestBody")
        .getJsonObject("content")
        .remove("application/x-ndjson");
    return document;
  }

  /**
   * Fails if a described request was answered in a way that is not; false if it is not described.
   */
  public boolean check(HttpMethod method, String path, int status, String type, String body) {
    Operation operation = contract.findOperation(path, method);
    if (operation == null) {
      return false;
    }
    if (!type.startsWith("application/json")) {
      return operation.getResponse(status).getContent().containsKey(type);
    }
    ValidatableResponse response =
        ValidatableResponse.create(status, Map.of(), Buffer.buffer(body), type);
    await(validator.validate(response, operation.getOperationId()));
    return true;
  }
}
