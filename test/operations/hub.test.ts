import './hub/cluster.ts'
import './hub/secret.ts'
import './hub/trackers.ts'
