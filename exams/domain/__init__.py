"""The rules of mock exams as plain functions: no Django, no clock, no global random, no I/O."""
