import './hub/compose-hub.ts'
import './hub/follow-hub.ts'
