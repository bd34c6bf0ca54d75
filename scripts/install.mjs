// Installs the packages, unless they are up to date.
import { installPackages, root } from './setup.mjs';

installPackages(root);
