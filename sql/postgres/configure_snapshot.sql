set transaction read only;
set local jit = off;
set local work_mem = '64MB';
