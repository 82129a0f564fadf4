import './poll/create-poller.ts'
import './poll/event-of.ts'
import './poll/holes.ts'
import './poll/same-run.ts'
