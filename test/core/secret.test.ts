import './secret/layers-of-base64.ts'
import './secret/track-secret.ts'
