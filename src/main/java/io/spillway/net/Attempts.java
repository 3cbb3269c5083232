package io.spillway.net;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * The attempts to get through to one name: which of its addresses is next, and which fault is told
 * when none has worked. Neither connects nor waits; for one thread.
 */
public final class Attempts {
  private final Deque<InetAddress> left;
  private Throwable told;

  /**
   * @param addresses as the resolver gives them, at least one
   * @param first the one to begin with, if it is among them; null for none
   */
  public Attempts(List<InetAddress> addresses, InetAddress first) {
    left = new ArrayDeque<>(interlaced(addresses));
    if (first != null && left.remove(first)) {
      left.addFirst(first);
    }
  }

  public boolean hasNext() {
    return !left.isEmpty();
  }

  public InetAddress next() {
    return left.remove();
  }

  /** What the attempt at the last address has ended in. */
  public void failed(Throwable fault) {
    if (told == null || nearness(fault) > nearness(told)) {
      told = fault;
    }
  }

  /**
   * The fault to tell: that of the attempt that came nearest to the goal, and of several the first.
   * What is wrong with a certificate is not hidden by "connection refused" at another address. Null
   * before the first fault.
   */
  public Throwable fault() {
    return told;
  }

  /** The families take turns, so that one without a way costs one attempt (RFC 8305 section 4). */
  private static List<InetAddress> interlaced(List<InetAddress> addresses) {
    boolean ipv4First = addresses.get(0) instanceof Inet4Address;
    Deque<InetAddress> these = new ArrayDeque<>();
    Deque<InetAddress> others = new ArrayDeque<>();
    for (InetAddress address : addresses) {
      (address instanceof Inet4Address == ipv4First ? these : others).add(address);
    }
    List<InetAddress> all = new ArrayList<>(addresses.size());
    while (!these.isEmpty() || !others.isEmpty()) {
      if (!these.isEmpty()) {
        all.add(these.remove());
      }
      if (!others.isEmpty()) {
        all.add(others.remove());
      }
    }
    return all;
  }

  /** 0: no way there; 1: no answer; 2: the machine has answered; 3: somebody there has. */
  private static int nearness(Throwable fault) {
    int nearness = 3;
    for (Throwable at = fault; at != null; at = at.getCause()) {
      nearness = Math.min(nearness, nearnessOf(at));
    }
    return nearness;
  }

  private static int nearnessOf(Throwable fault) {
    boolean unreachable =
        fault instanceof SocketException && String.valueOf(fault.getMessage()).contains("unreach");
    if (fault instanceof NoRouteToHostException
        || fault instanceof UnknownHostException
        || unreachable) {
      return 0;
    }
    if (fault instanceof ConnectTimeoutException
        || fault instanceof SocketTimeoutException
        || fault instanceof TimeoutException) {
      return 1;
    }
    if (fault instanceof ConnectException) {
      return 2;
    }
    // The system refuses to try: no such family, an address that cannot be used.
    return fault.getClass() == SocketException.class && !isCut(fault) ? 0 : 3;
  }

  private static boolean isCut(Throwable fault) {
    String words = String.valueOf(fault.getMessage());
    return words.contains("reset") || words.contains("roken pipe") || words.contains("closed");
  }
}
