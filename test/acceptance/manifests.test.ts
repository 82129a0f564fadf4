import './manifests/overlays.ts'
import './manifests/health.ts'
import './manifests/alerts.ts'
import './manifests/walk-through.ts'
