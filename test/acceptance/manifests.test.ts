import './manifests/overlays.ts'
import './manifests/health.ts'
