# Of what gdb says, what is the same with every compiler, clock and version of gdb.
# log lines of the app, and the lines below a fault
/^ *[0-9]*\.[0-9]\{3\} [0-9]\{3\} /d
/^             [pls][cpr] /d
# times; arguments; addresses
s/until [0-9.]* s/until T/g
s/ ([^()]*) at / () at /
s/0x[0-9a-f]* in //
s/0x[0-9a-f]*/ADDRESS/g
s/<[a-z0-9_]*+[0-9]*>/CODE/
# lines of sources
s/:[0-9][0-9]*$/:LINE/
s/, line [0-9]*/, line N/
s/^[0-9][0-9]*[[:space:]]/LINE /
# white space, numbers of frames
s/[[:space:]]*$//
s/   */  /g
s/) *k5_/) k5_/
s/^#[0-9]* */#  /
# what gdb says by the way
/^Run till exit/d
/^Backtrace stopped/d
