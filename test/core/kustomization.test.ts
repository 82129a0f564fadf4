import './kustomization/parse.ts'
import './kustomization/walk.ts'
import './kustomization/references.ts'
import './kustomization/places.ts'
