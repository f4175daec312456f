module hvc/benchmarks/peers/go

go 1.19
