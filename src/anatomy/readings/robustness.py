"""Chapter six: what is said of robust-2 to 17; 1 is a demonstration, which the page shows by its numbers."""

from anatomy.readings import Reading, Short

READINGS = {
    "robust-2": Reading(
        "noise keeps the accuracy that FGSM loses when it overfits catastrophically",
        "Where FGSM overfits catastrophically, N-FGSM has a higher accuracy under PGD.",
        "FGSM overfits catastrophically, and N-FGSM does not have a higher accuracy under PGD.",
    ),
    "robust-3": Reading(
        "gradients become less aligned when FGSM overfits catastrophically",
        "Gradient alignment falls when FGSM overfits catastrophically.",
        "Gradient alignment does not fall when FGSM overfits catastrophically.",
    ),
    "robust-4": Reading(
        "noise adds no time to FGSM's step and GradAlign adds half of it or more",
        "NoiseAug's step takes as long as FGSM's, to within a tenth; GradAlign's takes more than one and a half times "
        "as long.",
        "NoiseAug's step does not take as long as FGSM's, or GradAlign's not one and a half times as long.",
    ),
    "robust-5": Reading(
        "noise belongs before the attack",
        "Noise that the attack starts from gives a higher accuracy under PGD than noise added to its result.",
        "Noise that the attack starts from does not give a higher accuracy under PGD than noise added to its result.",
    ),
    "robust-6": Reading(
        "noise may be drawn just once for each image",
        "Fixed noise gives the same accuracy under PGD as fresh noise, to within a point.",
        "The accuracies under PGD with fixed and with fresh noise differ by more than a point.",
    ),
    "robust-7": Reading(
        "abnormal examples multiply when FGSM overfits catastrophically",
        "The share of abnormal examples rises when FGSM overfits catastrophically.",
        "The share of abnormal examples does not rise when FGSM overfits catastrophically.",
    ),
    "robust-8": Reading(
        "noise makes larger steps bearable",
        "A step of twice epsilon costs N-FGSM less accuracy under PGD than FGSM.",
        "A step of twice epsilon does not cost N-FGSM less accuracy under PGD than FGSM.",
    ),
    "robust-9": Reading(
        "relative cross-entropy buries the true class deeper",
        "After 20 steps relative cross-entropy leaves the true class further down the ranking of the outputs than "
        "cross-entropy.",
        "After 20 steps relative cross-entropy does not leave the true class further down the ranking of the outputs "
        "than cross-entropy.",
    ),
    "robust-10": Reading(
        "cross-entropy fools the network sooner",
        "After one step cross-entropy has fooled more images than relative cross-entropy.",
        "After one step cross-entropy has not fooled more images than relative cross-entropy.",
    ),
    "robust-11": Reading(
        "AAER's detached term makes no difference",
        "AAER has the same accuracy under PGD as released and as written, to within a point.",
        "The accuracies under PGD of AAER as released and as written differ by more than a point.",
    ),
    "robust-12": Reading(
        "more steps fool another network no more often, and bury its true class deeper",
        "Transferred to another network, 20 steps fool it no more often than one, to within a point, and leave its "
        "true class further down the ranking of its outputs.",
        "Transferred to another network, 20 steps fool it more often than one, or do not leave its true class further "
        "down the ranking of its outputs.",
    ),
    "robust-13": Reading(
        "relative cross-entropy buries the true class of another network deeper too",
        "Transferred to another network, relative cross-entropy leaves its true class further down the "
        "ranking of its outputs than cross-entropy.",
        "Transferred to another network, relative cross-entropy does not leave its true class further down the "
        "ranking of its outputs than cross-entropy.",
    ),
    "robust-14": Reading(
        "an encoder that was trained without attacks teaches one that withstands them better",
        "A student of SimCo's encoder is more accurate under PGD than its teacher.",
        "A student of SimCo's encoder is not more accurate under PGD than its teacher.",
    ),
    "robust-15": Reading(
        "SimSiam's and MoCo v2's encoders teach this too",
        "Students of SimSiam's and of MoCo v2's encoders are more accurate under PGD than their teachers.",
        "A student of SimSiam's or of MoCo v2's encoder is not more accurate under PGD than its teacher.",
    ),
    "robust-16": Reading(
        "the weight on the attacked image trades one accuracy for the other",
        "With four times the weight on the attacked image a student is more accurate under PGD and less accurate "
        "without an attack.",
        "With four times the weight on the attacked image a student is not more accurate under PGD, or not less "
        "accurate without an attack.",
    ),
    "robust-17": Reading(
        "a student needs no strong augmentation",
        "A student that sees whole images is as accurate under PGD, to within a point, as one that sees random crops "
        "and colors.",
        "A student that sees whole images is less accurate under PGD than one that sees random crops and colors.",
    ),
}

WORDS = (
    "FGSM attacks an image by one step along the sign of the gradient, PGD by many small ones. N-FGSM, which is the "
    "same as NoiseAug, adds noise before the one step, and GradAlign adds a penalty to the loss. Overfitting is "
    "catastrophic, and a run has fallen, where a network still withstands FGSM but no longer PGD. An attack raises a "
    "loss: cross-entropy (CE) or relative cross-entropy (RCE). The place of the true class is 1 where it has the "
    "largest output, and 10 where it has the smallest."
)
SHORT = {
    "robust-2": Short("fig-robust-arms", {"N-FGSM minus FGSM": "accuracy under PGD, N-FGSM minus FGSM"}),
    "robust-4": Short(
        "fig-robust-costs",
        {
            "NoiseAug over FGSM": "logarithm of a step's time with NoiseAug over that with FGSM",
            "GradAlign over FGSM, over 1.5": "logarithm of a step's time with GradAlign over 1.5 times that with FGSM",
        },
    ),
    "robust-5": Short(
        "fig-robust-arms", {"before minus behind": "accuracy under PGD, noise before the attack minus noise after it"}
    ),
    "robust-9": Short(
        "fig-robust-ranks", {"RCE minus CE": "mean place of the true class after 20 steps, RCE minus CE"}
    ),
}
