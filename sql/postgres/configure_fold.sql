-- JIT compilation would take longer than the fold itself; the clicks of one fold fit into work_mem.
set local jit = off;
set local work_mem = '64MB';
