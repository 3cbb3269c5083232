package io.spillway.iaq;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.hipparchus.filtering.kalman.Measurement;
import org.hipparchus.filtering.kalman.ProcessEstimate;
import org.hipparchus.filtering.kalman.linear.LinearEvolution;
import org.hipparchus.filtering.kalman.linear.LinearKalmanFilter;
import org.hipparchus.linear.CholeskyDecomposer;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;

/**
 * A local trend that dies away (Gardner and McKenzie 1985), followed by a Kalman filter: a level
 * that moves by a slope, which is a little less each minute. Counts in minutes, and in any unit in
 * which changes are about 1.
 */
final class Trend {
  /** What is left of the slope after a minute: half of it after 34. */
  private static final double DAMPING = 0.98;

  /** Variances, as parts of that of the change in a minute. */
  private static final double LEVEL_NOISE = 0.1;

  private static final double SLOPE_NOISE = 0.002;
  private static final double SENSOR_NOISE = 0.5;

  /** A longer gap is a new beginning. */
  private static final int GAP_MAX = 120;

  private static final CholeskyDecomposer DECOMPOSER = new CholeskyDecomposer(1e-9, 1e-12);

  private double level = Double.NaN;
  private double slope;
  private double levelVariance;
  private double covariance;
  private double slopeVariance;

  /** A value with its time. */
  private record Value(double getTime, RealVector getValue, RealMatrix getCovariance)
      implements Measurement {}

  /**
   * The value, {@code minutes} after the one before.
   *
   * @param changeVariance of the change in one minute, more than 0
   */
  void observe(double value, long minutes, double changeVariance) {
    if (Double.isNaN(level) || minutes > GAP_MAX) {
      level = value;
      slope = 0;
      levelVariance = changeVariance;
      covariance = 0;
      slopeVariance = changeVariance * SLOPE_NOISE;
      return;
    }
    ProcessEstimate corrected =
        new LinearKalmanFilter<Value>(
                DECOMPOSER, sample -> evolution(minutes, changeVariance), estimate())
            .estimationStep(
                new Value(
                    (double) minutes,
                    MatrixUtils.createRealVector(new double[] {value}),
                    matrix(new double[] {SENSOR_NOISE * changeVariance})));
    level = corrected.getState().getEntry(0);
    slope = corrected.getState().getEntry(1);
    levelVariance = corrected.getCovariance().getEntry(0, 0);
    covariance = corrected.getCovariance().getEntry(0, 1);
    slopeVariance = corrected.getCovariance().getEntry(1, 1);
  }

  /** The level now. */
  double level() {
    return level;
  }

  /** The level after so many minutes. */
  double after(int minutes) {
    return level + slope * reach(minutes);
  }

  /** The variance of a value after so many minutes, about {@link #after}. */
  double varianceAfter(int minutes, double changeVariance) {
    double reach = reach(minutes);
    double known = levelVariance + 2 * reach * covariance + reach * reach * slopeVariance;
    double added = 0;
    for (int i = 0; i < minutes; i++) {
      added += LEVEL_NOISE + SLOPE_NOISE * reach(i) * reach(i);
    }
    return known + changeVariance * (added + SENSOR_NOISE);
  }

  private ProcessEstimate estimate() {
    return new ProcessEstimate(
        0,
        MatrixUtils.createRealVector(new double[] {level, slope}),
        matrix(new double[] {levelVariance, covariance}, new double[] {covariance, slopeVariance}));
  }

  private static LinearEvolution evolution(long minutes, double changeVariance) {
    double noise = (double) minutes * changeVariance;
    return new LinearEvolution(
        matrix(
            new double[] {1, reach(minutes)},
            new double[] {0, Math.pow(DAMPING, (double) minutes)}),
        MatrixUtils.createRealMatrix(new double[][] {{0}, {0}}),
        MatrixUtils.createRealVector(new double[] {0}),
        matrix(new double[] {noise * LEVEL_NOISE, 0}, new double[] {0, noise * SLOPE_NOISE}),
        matrix(new double[] {1, 0}));
  }

  /** How far a slope of 1 comes: d + d² + … */
  private static double reach(long minutes) {
    return DAMPING * (1 - Math.pow(DAMPING, (double) minutes)) / (1 - DAMPING);
  }

  private static RealMatrix matrix(double[]... rows) {
    return MatrixUtils.createRealMatrix(rows);
  }

  void write(DataOutput out) throws IOException {
    out.writeDouble(level);
    out.writeDouble(slope);
    out.writeDouble(levelVariance);
    out.writeDouble(covariance);
    out.writeDouble(slopeVariance);
  }

  void read(DataInput in) throws IOException {
    level = in.readDouble();
    slope = in.readDouble();
    levelVariance = in.readDouble();
    covariance = in.readDouble();
    slopeVariance = in.readDouble();
  }
}
