import './companions/find-companions.ts'
import './companions/whole-entry.ts'
import './companions/references-of-cluster.ts'
import './companions/missing-companions.ts'
