# What tests/tool/debug.sh runs: three halts, at each the threads, at the first their stacks too.
set pagination off
set width 0
break storage_serve_put
continue
echo threads in storage's put:\n
info threads
echo backtraces:\n
thread apply all bt
echo a task that waits:\n
thread 1
info registers pc sp
up
thread 2
echo steps:\n
next
step
backtrace 1
echo the next call:\n
continue
delete
echo out of put:\n
finish
info threads
echo steps of instructions through a system call, until the next message:\n
stepi 20
thread
info threads
echo a step that faults:\n
tbreak tasks/sensor/main.c:24
continue
stepi 8
echo a fault:\n
break task_fault
continue
info threads
delete
echo the supervisor, halted when it looks:\n
tbreak cause_log
continue
info threads
echo a step of a task that does not run:\n
thread 2
step
info threads
