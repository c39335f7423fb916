"""The audit pack: agreed-upon procedures in the manner of ISRS 4400. Facts only, and no conclusion."""
