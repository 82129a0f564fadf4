/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that is taken back 1`] = `
sno1 is attached (a/kustomization.yaml:7): its detach was not committed

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that was committed 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this leaves the render
  root                 object                       left
  site         leaves  g/ClusterInstance/sno1/sno1  3
  longer/path          no difference                12
committed 111111111111, 222222222222: a

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a detach that was written 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this leaves the render
  root                 object                       left
  site         leaves  g/ClusterInstance/sno1/sno1  3
  longer/path          no difference                12
edited a, b; look at them, then commit

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a plan 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this leaves the render
  root                 object                       left
  site         leaves  g/ClusterInstance/sno1/sno1  3
  longer/path          no difference                12

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a plan with everything 1`] = `
- a

- b

proof (kustomize v5.5.0): exactly this leaves the render
  root           object                       left
  site  leaves   g/ClusterInstance/sno1/sno1  3
        comes    /Secret/a/b
        changes  /Secret/a/c

edited too: a/kustomization.yaml:7 (patches), which cannot be built without the cluster
matches nothing any more: a/kustomization.yaml:7 (patches); delete it when the cluster stays away
stays: /Secret/sno1/bmc (a/kustomization.yaml:7)
stays: /Namespace//sno1 (a/kustomization.yaml:7), in an item with other objects
warning: something is odd

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a reattach 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

proof (kustomize v5.5.0): exactly this comes back into the render
  root         object                       left
  site  comes  g/ClusterInstance/sno1/sno1  12

warning: a risk

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a repair without a proof 1`] = `
-  - sno1.yaml
+  #- sno1.yaml


`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > a static proof 1`] = `
-  - sno1.yaml
+  #- sno1.yaml

STATIC PROOF: nothing was rendered, since a kustomize plugin is missing; the listed files were compared.
  root                 object                       left
  site         leaves  g/ClusterInstance/sno1/sno1  3
  longer/path          no difference                12

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > attached already 1`] = `
sno1 is attached already (a/kustomization.yaml:7); nothing is to be done

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > detached already 1`] = `
sno1 is detached already (a/kustomization.yaml:7); nothing is to be done
stays: /Namespace//sno1 (a/kustomization.yaml:7), in an item with other objects

`

exports[`test/proof.test.ts > TAP > a plan for people shows the edit, its proof, what else is edited and what stays > detached already, nobody knows where 1`] = `
sno1 is detached already; nothing is to be done

`
