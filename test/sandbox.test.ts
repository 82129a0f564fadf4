import './sandbox/hub.ts'
