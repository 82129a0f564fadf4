import './sandbox/hub.ts'
import './sandbox/send-slowly.ts'
