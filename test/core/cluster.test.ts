import './cluster/find-cluster.ts'
import './cluster/missing.ts'
import './cluster/objects.ts'
import './cluster/repository.ts'
