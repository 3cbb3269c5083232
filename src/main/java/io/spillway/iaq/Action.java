package io.spillway.iaq;

import io.spillway.message.AirQuantity;
import java.util.Map;

/** What to do when a quantity is too high or too low, in English and French. */
enum Action {
  VENTILATE(
      "ventilate",
      "Ventilate: open the windows wide for 5 to 10 minutes, or turn the ventilation up.",
      "Aérez : ouvrez grand les fenêtres 5 à 10 minutes, ou augmentez la ventilation."),
  FILTER(
      "close_and_filter",
      "Close the windows and run an air purifier; stop what makes smoke or dust.",
      "Fermez les fenêtres et faites tourner un purificateur ; arrêtez ce qui fait de la fumée ou"
          + " de la poussière."),
  REMOVE_SOURCE(
      "remove_source",
      "Ventilate, and remove the source: paint, cleaning agents, new furniture.",
      "Aérez et éloignez la source : peinture, produits d'entretien, meubles neufs."),
  COOL(
      "cool",
      "Cool the room: shade the windows, ventilate when it is cooler outside.",
      "Rafraîchissez la pièce : fermez les volets, aérez quand il fait plus frais dehors."),
  HEAT("heat", "Heat the room to 20 °C or more.", "Chauffez la pièce à 20 °C ou plus."),
  DRY(
      "dry",
      "Dry the air: ventilate briefly and often, heat evenly, use a dehumidifier.",
      "Asséchez l'air : aérez brièvement et souvent, chauffez régulièrement, utilisez un"
          + " déshumidificateur."),
  HUMIDIFY(
      "humidify",
      "Humidify the air, and ventilate more briefly.",
      "Humidifiez l'air et aérez plus brièvement.");

  /** Its name in records. */
  final String word;

  private final String english;
  private final String french;

  Action(String word, String english, String french) {
    this.word = word;
    this.english = english;
    this.french = french;
  }

  /** What to say, by language. */
  Map<String, Object> text() {
    return Map.of("en", english, "fr", french);
  }

  /** The rule: what helps. */
  static Action against(AirQuantity quantity, boolean high) {
    return switch (quantity) {
      case CO2 -> VENTILATE;
      case PM25 -> FILTER;
      case TVOC -> REMOVE_SOURCE;
      case TEMPERATURE -> high ? COOL : HEAT;
      case HUMIDITY -> high ? DRY : HUMIDIFY;
    };
  }
}
