-- A database for Spillway: sudo -u postgres psql -f database.sql
-- Change the password here, and give the same to the server as PGPASSWORD.
CREATE ROLE spillway LOGIN PASSWORD 'change-me';
CREATE DATABASE spillway OWNER spillway;
