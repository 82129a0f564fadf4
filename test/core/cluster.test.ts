import './cluster/find-cluster.ts'
import './cluster/missing.ts'
