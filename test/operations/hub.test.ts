import './hub/save-proven.ts'
import './hub/cluster.ts'
import './hub/secret.ts'
import './hub/trackers.ts'
