// The tests wait for processes far more than they compute.
[assembly: LevelOfParallelism(3)]
