/**
 * The process: reads the configuration, starts Vert.x, and starts the roles, those that receive
 * before those that send; stops them in the opposite order.
 */
package io.spillway;
