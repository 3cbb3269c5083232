package io.spillway.demo;

import java.util.List;
import java.util.Locale;

/**
 * What is particular to one invented room.
 *
 * @param enseigne the site
 * @param salle the room's name, for people
 * @param word the room's name in topics and sensor names
 * @param busy hours of the day (UTC) with people, in pairs of from and to; to may be past 24
 * @param co2 ppm that people add at most
 * @param mishap what makes its air bad now and then
 */
record RoomPlan(
    String enseigne, String salle, String word, List<Integer> busy, double co2, Mishap mishap) {

  /** By how much values rise at most while the windows stay closed. */
  enum Mishap {
    /** Too many people. */
    CROWD(2_300, 4, 0.2, 1.5, 5),
    /** Something burns. */
    COOKING(250, 60, 0.6, 1, 4);

    final double co2;
    final double pm25;
    final double tvoc;
    final double temperature;
    final double humidity;

    Mishap(double co2, double pm25, double tvoc, double temperature, double humidity) {
      this.co2 = co2;
      this.pm25 = pm25;
      this.tvoc = tvoc;
      this.temperature = temperature;
      this.humidity = humidity;
    }
  }

  private static final List<RoomPlan> PLANS =
      List.of(
          plan("Bureau", "Salle de réunion", "reunion", List.of(9, 11, 14, 16), 320, Mishap.CROWD),
          plan("Maison", "Cuisine", "cuisine", List.of(6, 8, 18, 21), 180, Mishap.COOKING),
          plan("Bureau", "Open space", "openspace", List.of(8, 12, 13, 18), 360, Mishap.CROWD),
          plan("Maison", "Salon", "salon", List.of(7, 9, 17, 23), 280, Mishap.CROWD),
          plan("Bureau", "Accueil", "accueil", List.of(8, 18), 140, Mishap.CROWD),
          plan("Maison", "Chambre", "chambre", List.of(22, 31), 340, Mishap.CROWD));

  private static RoomPlan plan(
      String enseigne, String salle, String word, List<Integer> busy, double co2, Mishap mishap) {
    return new RoomPlan(enseigne, salle, word, busy, co2, mishap);
  }

  /** The plan of the room with this number, from 0; each six rooms are two more sites. */
  static RoomPlan of(int number) {
    RoomPlan plan = PLANS.get(number % PLANS.size());
    int street = number / PLANS.size() + 1;
    String enseigne = street == 1 ? plan.enseigne : plan.enseigne + ' ' + street;
    return plan(enseigne, plan.salle, plan.word, plan.busy, plan.co2, plan.mishap);
  }

  /** Its site in topics and sensor names. */
  String site() {
    return enseigne.toLowerCase(Locale.ROOT).replace(" ", "");
  }

  /** How busy it is at this hour, 0 to 1; people come and go within an hour. */
  double presence(double hour) {
    double most = 0;
    for (int i = 0; i < busy.size(); i += 2) {
      most = Math.max(most, between(hour, busy.get(i), busy.get(i + 1)));
      most = Math.max(most, between(hour + 24, busy.get(i), busy.get(i + 1)));
    }
    return most;
  }

  private static double between(double hour, int from, int to) {
    double ramp = Math.min(hour - from, to - hour) + 0.5;
    return Math.max(0, Math.min(1, ramp));
  }
}
