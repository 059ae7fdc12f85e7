"""Does the validator of OASIS find no error, and does `stix2` read the strict profile without custom types?"""

import sys

import stix2
import stix2validator

path, profile = sys.argv[1:]
results = stix2validator.validate_file(path, stix2validator.ValidationOptions(version="2.1", silent=True))
errors = [str(error) for result in results.object_results for error in result.errors]
warnings = [str(warning) for result in results.object_results for warning in result.warnings]
assert not errors, errors
assert results.is_valid, results
with open(path, encoding="utf-8") as file:
    bundle = stix2.parse(file.read(), allow_custom=profile != "strict")
print(profile, len(bundle.objects), "objects,", len(errors), "errors,", len(warnings), "warnings")
