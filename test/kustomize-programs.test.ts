import './kustomize-errors-tests.ts'
import './kustomize-plugins-tests.ts'
import './kustomize-versions-tests.ts'
