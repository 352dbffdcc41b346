-- Compiling the fold would take longer than running it; its clicks fit into memory.
set local jit = off;
set local work_mem = '64MB';
