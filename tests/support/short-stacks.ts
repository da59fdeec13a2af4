/**
 * Before every file of tests: errors remember as many calls as Node itself lets them. The runner lets them remember ten times
 * as many, and whoever tests thousands of refusals spends half of the time on that.
 */
Error.stackTraceLimit = 10;
