import './kustomize/build.ts'
import './kustomize/errors.ts'
import './kustomize/plugins.ts'
import './kustomize/versions.ts'
