/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that is taken back 1`] = `
the detach of sno1 was in the work tree only; it is taken back
edited a

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that was committed 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this leaves the render
  site: 3 objects are left
    - g/ClusterInstance/sno1/sno1
  longer/path: 12 objects are left

committed 111111111111, 222222222222: a

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that was written 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this leaves the render
  site: 3 objects are left
    - g/ClusterInstance/sno1/sno1
  longer/path: 12 objects are left

edited a, b

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that would be taken back 1`] = `
the detach of sno1 is in the work tree only; it would be taken back

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a plan 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this leaves the render
  site: 3 objects are left
    - g/ClusterInstance/sno1/sno1
  longer/path: 12 objects are left

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a plan with everything 1`] = `
- a

- b

proof (kustomize v5.5.0): exactly this leaves the render
  site: nothing is left
    - g/ClusterInstance/sno1/sno1
    - Secret/sno1/gone

edited too: a/kustomization.yaml:7 (patches), which cannot be built
  without the cluster
matches nothing any more: a/kustomization.yaml:7 (patches); delete it
  when the cluster stays away
stays: Secret/sno1/bmc (a/kustomization.yaml:7)
stays: Namespace/sno1 (a/kustomization.yaml:7), in an item with other
  objects
warning: something is odd

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a reattach 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this comes back into the render
  site: 12 objects are there then
    - g/ClusterInstance/sno1/sno1

warning: a risk

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a repair 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): nothing leaves the render
  site: 1 object is left

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a static proof 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

STATIC PROOF: nothing was rendered, since a kustomize plugin is missing.
By the listed files exactly this leaves the render
  site: 3 objects are left
    - g/ClusterInstance/sno1/sno1
  longer/path: 12 objects are left

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > attached already 1`] = `
sno1 is attached already: a/kustomization.yaml:7

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > detached already 1`] = `
sno1 is detached already: a/kustomization.yaml:7
stays: Namespace/sno1 (a/kustomization.yaml:7), in an item with other
  objects

`

exports[`test/cli/output.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > detached already, nobody knows where 1`] = `
sno1 is detached already

`
