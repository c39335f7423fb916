"""The audit pack: agreed-upon procedures in the manner of ISRS 4400. Facts are stated, nothing is concluded."""
