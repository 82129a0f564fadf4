import './hub/cluster.ts'
import './hub/secret.ts'
