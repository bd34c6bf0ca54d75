// Installs the packages, and nothing when they stand there already.
import { installPackages, root } from './setup.mjs';

installPackages(root);
