import './secret/track-secret.ts'
